import '@fontsource-variable/inter/wght.css'
import '@fontsource/b612/400.css'
import '@/kernel/ui/global.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from '@/app/app'
import { loadCatalogue } from '@/app/locales'
import { startI18n } from '@/kernel/i18n'
import { applyTokens } from '@/kernel/ui/tokens'

applyTokens()
await startI18n(loadCatalogue)

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
