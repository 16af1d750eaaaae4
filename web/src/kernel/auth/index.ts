export { useActorName } from './actor'
export { meQuery, refreshMe, rememberMe, useCan, useMe, useWorkspace } from './me'
