import { Link, type LinkProps, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import styles from './section-nav.module.css'

interface SectionNavProps {
  label: string
  items: readonly { to: LinkProps['to']; label: string; isShown?: boolean }[]
}

/** The pages of a section side by side, above the one on screen. */
export const SectionNav = ({ label, items }: SectionNavProps) => {
  const place = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  useEffect(() => {
    // On a phone not all of them fit, and the one on screen may be out of sight.
    const here = place.current?.querySelector(`a[href="${pathname}"]`)
    here?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [pathname])
  return (
    <nav ref={place} className={styles.nav} aria-label={label}>
      {items
        .filter(({ isShown = true }) => isShown)
        .map((item) => (
          <Link key={item.to} to={item.to} className={styles.item} activeOptions={{ includeSearch: false }}>
            {item.label}
          </Link>
        ))}
    </nav>
  )
}
