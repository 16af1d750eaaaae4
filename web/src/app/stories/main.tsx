import '@fontsource-variable/inter/wght.css'
import '@fontsource/b612/400.css'
import '@/kernel/ui/global.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { loadCatalogue } from '@/app/locales'
import { queryClient } from '@/kernel/api'
import { meQuery } from '@/kernel/auth'
import { startI18n } from '@/kernel/i18n'
import { applyTokens } from '@/kernel/ui/tokens'
import { Bookshelf } from './bookshelf'

// Nobody is signed in, and no server is there to be asked.
queryClient.setQueryData(meQuery.queryKey, null)
applyTokens()
await startI18n(loadCatalogue)

const root = document.getElementById('root')
if (!root) throw new Error('stories.html has no #root')
createRoot(root).render(
  <StrictMode>
    <Bookshelf />
  </StrictMode>,
)
