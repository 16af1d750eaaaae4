import type { ComponentType } from 'react'

/** A component's stories by its name: each shows every state that looks or reads differently. */
export type Stories = Readonly<Record<string, ComponentType>>
