import { Copyable } from './copyable'
import type { Stories } from './story'

export const stories: Stories = {
  Copyable: () => (
    <>
      <Copyable label="Write key" text="fw_write_8Zt5" />
      <br />
      <Copyable
        label="Command"
        text={`fanwheel import people customers.csv \\\n  --map user_id=customer_number --time-zone Asia/Shanghai --currency CNY --delimiter ";"`}
      />
    </>
  ),
}
