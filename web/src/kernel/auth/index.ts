export { meQuery, refreshMe, rememberMe, useCan, useMe, useWorkspace } from './me'
