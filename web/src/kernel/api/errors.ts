import { said } from '@/kernel/i18n'

export interface ErrorBody {
  code?: string
  message?: string
  hint?: string
  /** Where in what was sent the fault is. */
  path?: string
}

/** A request the server refused, in its words, said in the language on screen. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly hint: string | undefined
  readonly path: string | undefined

  constructor(status: number, { code = '', message = '', hint, path }: ErrorBody, cause?: unknown) {
    super(said(message), { cause })
    this.status = status
    this.code = code
    this.hint = hint && said(hint)
    this.path = path
  }

  static from(status: number, body: ErrorBody | undefined): ApiError {
    const known = typeof body === 'object' && body !== null ? body : {}
    return new ApiError(status, { code: `http_${status}`, ...known })
  }

  static unreachable(cause: unknown): ApiError {
    return new ApiError(0, { code: 'unreachable' }, cause)
  }

  /** Whether trying again can help: the server was away, busy or broken. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}
