import createClient, { type Middleware } from 'openapi-fetch'
import { ApiError, type ErrorBody } from './errors'
import type { paths } from './schema'

let csrfToken: string | null = null
let onSignedOut: () => void = () => {}

/** Remember the token that every changing request must carry. */
export const setCsrfToken = (token: string | null) => {
  csrfToken = token
}

/** What to do when the server no longer knows the session. */
export const whenSignedOut = (handler: () => void) => {
  onSignedOut = handler
}

const session: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken) request.headers.set('X-CSRF-Token', csrfToken)
    return request
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && !schemaPath.startsWith('/api/auth/')) onSignedOut()
  },
}

export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })
api.use(session)

interface Outcome<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** The answer's data; anything but success is thrown with the server's own message and hint. */
export const unwrap = async <Data>(call: Promise<Outcome<Data>>): Promise<Data> => {
  const outcome = await call.catch((cause: unknown) => {
    throw ApiError.unreachable(cause)
  })
  if (!outcome.response.ok) {
    throw ApiError.from(outcome.response.status, outcome.error as ErrorBody | undefined)
  }
  return outcome.data as Data
}
