import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useMay, useMe } from '../../kernel/session.ts'
import { Page } from '../../ui/Page.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { AbsencePart } from '../absences/AbsencePart.tsx'
import { ExtensionField } from '../calls/ExtensionField.tsx'
import { NoticeChoices } from '../notices/NoticeChoices.tsx'
import { MyWays } from '../paging/MyWays.tsx'
import { AboutMe } from './AboutMe.tsx'
import { Appearance } from './Appearance.tsx'

import { SecurityParts } from './SecurityParts.tsx'
import { profileTexts } from './texts.ts'

/** What a member of the desk sets for themself. */
export function ProfilePage() {
  const t = useTexts(profileTexts)
  const [tab, setTab] = useState<'me' | 'look' | 'paging' | 'notices' | 'security'>('me')
  const told = useMay('ticket.work')
  const me = useMe()
  return (
    <Page title={t('title')} width="narrow">
      <Tabs
        label={t('parts')}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'me',
            label: t('tabMe'),
            content: told ? (
              <>
                <AboutMe />
                <AbsencePart person={me} own />
                <ExtensionField />
              </>
            ) : (
              <AboutMe />
            ),
          },
          { value: 'look', label: t('tabLook'), content: <Appearance keys /> },
          ...(told ? [{ value: 'paging' as const, label: t('tabPaging'), content: <MyWays /> }] : []),
          ...(told ? [{ value: 'notices' as const, label: t('tabNotices'), content: <NoticeChoices /> }] : []),
          { value: 'security', label: t('tabSecurity'), content: <SecurityParts tokens /> },
        ]}
      />
    </Page>
  )
}
