import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { SupplierPicture } from './SupplierPicture'

afterEach(cleanup)

describe('a picture of a supplier', () => {
  it('comes through the server, with its size before it is there', () => {
    render(<SupplierPicture id="a/b" title="Lamp" told size="md" />)
    const picture = screen.getByRole('img', { name: 'Lamp' })
    expect(picture.getAttribute('src')).toBe('/v1/supplier-products/a%2Fb/image')
    expect([picture.getAttribute('width'), picture.getAttribute('height')]).toEqual(['64', '64'])
    expect(picture.getAttribute('loading')).toBe('lazy')
  })

  it('is a quiet mark where the supplier tells none, and nothing is asked for', () => {
    render(<SupplierPicture id="1" title="Lamp" told={false} />)
    expect(screen.getByRole('img', { name: 'No picture of Lamp' }).tagName).toBe('SPAN')
    cleanup()
    render(<SupplierPicture id={null} title={null} told />)
    expect(screen.getByRole('img', { name: 'No picture of this product' })).toBeTruthy()
  })

  it('is a quiet mark where it does not come, and the next product is tried again', () => {
    const { rerender } = render(<SupplierPicture id="1" title="Lamp" told />)
    fireEvent.error(screen.getByRole('img'))
    expect(screen.getByRole('img', { name: 'The picture of Lamp cannot be shown' }).tagName).toBe('SPAN')
    rerender(<SupplierPicture id="2" title="Mug" told />)
    expect(screen.getByRole('img', { name: 'Mug' }).tagName).toBe('IMG')
  })
})
