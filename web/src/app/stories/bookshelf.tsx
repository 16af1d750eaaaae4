import { QueryClientProvider } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { queryClient } from '@/kernel/api'
import { FormatsProvider } from '@/kernel/format'
import { I18nProvider } from '@/kernel/i18n'
import { LanguageSwitch, UiProvider } from '@/kernel/ui'
import type { Stories } from '@/kernel/ui/story'
import styles from './bookshelf.module.css'

const files = import.meta.glob<{ stories: Stories }>('/src/kernel/ui/**/*.stories.tsx', { eager: true })

const books: [string, Stories][] = Object.entries(files).map(([path, { stories }]) => [
  path.replace(/^.*\//, '').replace('.stories.tsx', ''),
  stories,
])

const followAddress = (notify: () => void) => {
  window.addEventListener('hashchange', notify)
  return () => window.removeEventListener('hashchange', notify)
}

const useAddress = () => useSyncExternalStore(followAddress, () => location.hash.slice(1))

/** Every component of `kernel/ui` in all its states, a file of stories at a time. */
export const Bookshelf = () => {
  const address = useAddress()
  const [name, stories] = books.find(([each]) => each === address) ?? books[0] ?? ['', {}]
  return (
    <QueryClientProvider client={queryClient}>
      <I18nProvider>
        <FormatsProvider>
          <UiProvider>
            <nav className={styles.nav} aria-label="Stories">
              {books.map(([each]) => (
                <a key={each} href={`#${each}`} aria-current={each === name ? 'page' : undefined}>
                  {each}
                </a>
              ))}
              <LanguageSwitch />
            </nav>
            <main key={name} className={styles.book} data-book={name}>
              {Object.entries(stories).map(([title, Story]) => (
                <section key={title} className={styles.story} data-story={title}>
                  <h2>{title}</h2>
                  <Story />
                </section>
              ))}
            </main>
          </UiProvider>
        </FormatsProvider>
      </I18nProvider>
    </QueryClientProvider>
  )
}
