import { useTexts } from '../../kernel/i18n.ts'
import { Page } from '../../ui/Page.tsx'
import { AboutMe } from './AboutMe.tsx'
import { Appearance } from './Appearance.tsx'
import { SecurityParts } from './SecurityParts.tsx'
import { profileTexts } from './texts.ts'

/** The same for those who ask: on one page, without what only the desk needs. */
export function PortalProfilePage() {
  const t = useTexts(profileTexts)
  return (
    <Page title={t('titlePortal')} width="narrow">
      <AboutMe portal />
      <Appearance />
      <SecurityParts />
    </Page>
  )
}
