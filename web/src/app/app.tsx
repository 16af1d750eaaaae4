import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { queryClient, whenSignedOut } from '@/kernel/api'
import { rememberMe } from '@/kernel/auth'
import { FormatsProvider } from '@/kernel/format'
import { I18nProvider } from '@/kernel/i18n'
import { UiProvider } from '@/kernel/ui'
import { router } from './router'

// A session can end at any moment; the page that was open is offered again after signing in.
whenSignedOut(() => {
  rememberMe(null)
  void router.navigate({ to: '/login', search: { next: router.state.location.href } })
})

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <I18nProvider>
      <FormatsProvider>
        <UiProvider>
          <RouterProvider router={router} />
        </UiProvider>
      </FormatsProvider>
    </I18nProvider>
  </QueryClientProvider>
)
