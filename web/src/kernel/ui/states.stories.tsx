import { ApiError } from '@/kernel/api'
import { Button } from './primitives'
import { EmptyState, ErrorState, Loaded, Loading } from './states'
import type { Stories } from './story'

const query = { data: undefined, error: null, isPending: true, refetch: () => undefined }

export const stories: Stories = {
  EmptyState: () => (
    <EmptyState title="Nobody here yet" action={<Button type="primary">Import people</Button>}>
      People appear with their first event or when you import them.
    </EmptyState>
  ),
  ErrorState: () => (
    <>
      <ErrorState
        error={
          new ApiError(409, {
            code: 'conflict',
            message: 'Somebody else changed this.',
            hint: 'Load it again.',
          })
        }
        onRetry={() => undefined}
      />
      <ErrorState error={new Error('anything')} />
    </>
  ),
  Loading: () => <Loading rows={2} />,
  Loaded: () => (
    <>
      <Loaded query={{ ...query, data: 'What was asked for.', isPending: false }}>{(data) => data}</Loaded>
      <Loaded query={{ ...query, error: new Error('anything') }}>{() => null}</Loaded>
    </>
  ),
}
