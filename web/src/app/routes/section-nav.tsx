import { Link, type LinkProps } from '@tanstack/react-router'
import styles from './section-nav.module.css'

interface SectionNavProps {
  label: string
  items: readonly { to: LinkProps['to']; label: string; isShown?: boolean }[]
}

/** The pages of a section side by side, above the one on screen. */
export const SectionNav = ({ label, items }: SectionNavProps) => (
  <nav className={styles.nav} aria-label={label}>
    {items
      .filter(({ isShown = true }) => isShown)
      .map((item) => (
        <Link key={item.to} to={item.to} className={styles.item} activeOptions={{ includeSearch: false }}>
          {item.label}
        </Link>
      ))}
  </nav>
)
