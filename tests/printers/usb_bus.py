"""A USB with one printer on it, as pyusb sees one."""

from array import array
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from pos_app.printers.printer_status import ASK_STATE

VENDOR, PRODUCT = 0x0416, 0x5011
_READS, _WRITES = 0x81, 0x03
# The fields of descriptors, as USB 2.0 (chapter 9.6) lists them; a printer is of class 7.
_DEVICE = (
    "bLength bDescriptorType bcdUSB bDeviceClass bDeviceSubClass bDeviceProtocol bMaxPacketSize0 idVendor idProduct "
    "bcdDevice iManufacturer iProduct iSerialNumber bNumConfigurations"
)
_CONFIGURATION = (
    "bLength bDescriptorType wTotalLength bNumInterfaces bConfigurationValue iConfiguration bmAttributes bMaxPower"
)
_INTERFACE = (
    "bLength bDescriptorType bInterfaceNumber bAlternateSetting bNumEndpoints bInterfaceClass bInterfaceSubClass "
    "bInterfaceProtocol iInterface"
)
_ENDPOINT = "bLength bDescriptorType bEndpointAddress bmAttributes wMaxPacketSize bInterval bRefresh bSynchAddress"


def _descriptor(fields: str, *values: int) -> dict[str, Any]:
    return dict(zip(fields.split(), values, strict=True)) | {"extra_descriptors": []}


class UsbBus(usb.backend.IBackend):  # type: ignore[misc]
    """Fits what pyusb asks of libusb.

    Args:
        answers: whether the printer can be read from.
        open: whether this user may write to it.
    """

    def __init__(self, *, answers: bool = True, allowed: bool = True) -> None:
        self.sent: list[bytes] = []
        self._endpoints = ([_READS] if answers else []) + [_WRITES]
        self._allowed = allowed
        self._to_say = b""

    def enumerate_devices(self) -> Iterator[Any]:
        yield "printer"

    def get_device_descriptor(self, dev: Any) -> Any:
        device = _descriptor(_DEVICE, 18, 1, 0x200, 0, 0, 0, 64, VENDOR, PRODUCT, 0x100, 0, 0, 0, 1)
        return SimpleNamespace(**device, address=1, bus=1, port_number=1, port_numbers=(1,), speed=2)

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        if config:
            raise IndexError
        return SimpleNamespace(**_descriptor(_CONFIGURATION, 9, 2, 32, 1, 1, 0, 0x80, 50))

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(**_descriptor(_INTERFACE, 9, 4, 0, 0, len(self._endpoints), 7, 1, 2, 0))

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return SimpleNamespace(**_descriptor(_ENDPOINT, 7, 5, self._endpoints[ep], 2, 64, 0, 0, 0))

    def open_device(self, dev: Any) -> Any:
        return dev

    def close_device(self, dev_handle: Any) -> None:
        """Nothing is held."""

    def set_configuration(self, dev_handle: Any, config_value: int) -> None:
        """There is one."""

    def get_configuration(self, dev_handle: Any) -> int:
        return 1

    def claim_interface(self, dev_handle: Any, intf: int) -> None:
        if not self._allowed:
            raise usb.core.USBError("Access denied (insufficient permissions)", -3, 13)

    def release_interface(self, dev_handle: Any, intf: int) -> None:
        """It is free."""

    def reset_device(self, dev_handle: Any) -> None:
        """It forgets nothing."""

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert ep == _WRITES
        assert 0 < timeout <= 10_000, "a limit, in ms"
        said = bytes(data)
        if said == ASK_STATE:
            self._to_say = b"\x12\x12"
        else:
            self.sent.append(said)
            self._to_say = b"\x00"
        return len(said)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert ep == _READS
        if not self._to_say:
            raise usb.core.USBTimeoutError("Operation timed out", -7, 110)
        said, self._to_say = array("B", self._to_say), b""
        buff[: len(said)] = said
        return len(said)
