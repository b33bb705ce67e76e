import { Tabs as MantineTabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { Badge } from './Marks.tsx'

type Tab<V extends string> = { value: V; label: string; count?: number; content?: ReactNode }
type Props<V extends string> = { label: string; tabs: readonly Tab<V>[]; value: V; onChange: (value: V) => void }

/** Parts of one thing, one seen at a time. */
export function Tabs<V extends string>({ label, tabs, value, onChange }: Props<V>) {
  return (
    <MantineTabs value={value} onChange={(next) => next && onChange(next as V)} keepMounted={false}>
      <MantineTabs.List aria-label={label} style={{ flexWrap: 'nowrap', overflowX: 'auto', scrollbarWidth: 'none' }}>
        {tabs.map((tab) => (
          <MantineTabs.Tab key={tab.value} value={tab.value} rightSection={tab.count === undefined ? null : <Badge>{tab.count}</Badge>}>
            {tab.label}
          </MantineTabs.Tab>
        ))}
      </MantineTabs.List>
      {tabs.map((tab) => (
        <MantineTabs.Panel key={tab.value} value={tab.value} pt="md">
          {tab.content}
        </MantineTabs.Panel>
      ))}
    </MantineTabs>
  )
}
