export interface ErrorBody {
  code?: string
  message?: string
  hint?: string
}

/** A request the server refused, in the server's own words. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly hint: string | undefined

  constructor(status: number, code: string, message: string, hint?: string, cause?: unknown) {
    super(message, { cause })
    this.status = status
    this.code = code
    this.hint = hint
  }

  static from(status: number, body: ErrorBody | undefined): ApiError {
    const known = typeof body === 'object' && body !== null ? body : {}
    return new ApiError(status, known.code ?? `http_${status}`, known.message ?? '', known.hint)
  }

  static unreachable(cause: unknown): ApiError {
    return new ApiError(0, 'unreachable', '', undefined, cause)
  }

  /** Whether trying again can help: the server was away, busy or broken. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}
