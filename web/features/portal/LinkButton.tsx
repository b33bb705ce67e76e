import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithoutRef, Ref } from 'react'
import styles from './LinkButton.module.css'

type Props = ComponentPropsWithoutRef<'a'> & { main?: boolean; ref?: Ref<HTMLAnchorElement> }

/** Leads somewhere, and looks like a button: the one way on of a page. */
export const LinkButton = createLink(({ main = false, children, ...rest }: Props) => (
  <a {...rest} className={styles.button} data-main={main || undefined}>
    {children}
  </a>
))
