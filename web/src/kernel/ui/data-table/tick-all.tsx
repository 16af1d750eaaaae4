import { useEffect, useRef } from 'react'
import styles from './data-table.module.css'
import type { Choice } from './types'

interface TickAllProps<Row> {
  all: Choice<Row>['all']
  role?: string
}

/** The box above all others: everything, nothing, or something between. */
export const TickAll = <Row,>({ all, role }: TickAllProps<Row>) => {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = all.state === 'some'
  }, [all.state])
  return (
    <th scope="col" role={role} className={styles.tick}>
      <input
        ref={box}
        type="checkbox"
        checked={all.state === 'all'}
        title={all.label}
        aria-label={all.label}
        onChange={({ target }) => all.onChange(target.checked)}
      />
    </th>
  )
}
