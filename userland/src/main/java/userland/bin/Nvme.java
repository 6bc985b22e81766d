// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.nio.ByteBuffer;
import java.util.List;
import userland.libc.DirectoryEntry;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** nvme(1): what solid state disks say of themselves. */
final class Nvme implements Program {
    static final String USAGE = """
            Usage: nvme list | id-ctrl DEVICE | id-ns DEVICE | smart-log DEVICE | format DEVICE [FORMAT]
            Ask a solid state disk what it is and how it is, or format it: everything on it is lost.
            FORMAT is 0 for blocks of 512 bytes, 1 for 4096; without it the blocks stay as they are.
            """;

    private static final String ROW = "%-12s %-20s %-28s %-9s %-16s %-14s %s";

    private static final int GET_LOG_PAGE = 0x02;
    private static final int IDENTIFY = 0x06;
    private static final int FORMAT = 0x80;
    private static final int IDENTIFY_NAMESPACE = 0;
    private static final int IDENTIFY_CONTROLLER = 1;
    private static final int HEALTH_BYTES = 512;
    private static final int HEALTH_PAGE = 2;
    private static final int ALL_NAMESPACES = -1;
    private static final int SERIAL = 4;
    private static final int SERIAL_BYTES = 20;
    private static final int MODEL = 24;
    private static final int MODEL_BYTES = 40;
    private static final int FIRMWARE = 64;
    private static final int FIRMWARE_BYTES = 8;
    private static final int NAMESPACES = 516;
    private static final int TRANSFER_SHIFT = 77;
    private static final int WRITE_CACHE = 525;
    private static final int FORMAT_NOW = 26;
    private static final int FORMATS = 128;
    private static final int FORMAT_MASK = 0xf;
    private static final int ZERO_CELSIUS_KELVIN = 273;

    @Override
    public int main(Libc libc, String[] arguments) {
        List<String> operands = Options.parse(arguments, "").operands();
        String verb = operands.isEmpty() ? "" : operands.getFirst();
        if (verb.equals("list") && operands.size() == 1) {
            return list(libc);
        }
        boolean format = verb.equals("format");
        if (operands.size() < 2 || operands.size() > (format ? 3 : 2)) {
            throw new UsageException(verb.isEmpty() ? "missing command" : verb + ": which device?");
        }
        String node = operands.get(1);
        try (NvmeDevice device = new NvmeDevice(libc, node, format)) {
            int status = switch (verb) {
                case "id-ctrl" -> controller(libc, device);
                case "id-ns" -> namespace(libc, device);
                case "smart-log" -> health(libc, device);
                case "format" -> format(device, operands.size() == 3 ? operands.get(2) : null);
                default -> throw new UsageException("'" + verb + "' is no command");
            };
            if (status != 0) {
                libc.warn("%s: %s: NVMe status 0x%x".formatted(node, verb, status));
                return 1;
            }
            return 0;
        } catch (SystemCallException e) {
            libc.warn(node + ": " + e.getMessage());
            return 1;
        }
    }

    private static int list(Libc libc) {
        libc.stdout().println(ROW.formatted("Node", "SN", "Model", "Namespace", "Usage", "Format", "FW Rev"));
        List<String> nodes = libc.listDirectory("/dev").stream()
                .map(DirectoryEntry::name)
                .filter(name -> name.matches("ssd\\d+(n\\d+)?"))
                .sorted()
                .map(name -> "/dev/" + name)
                .toList();
        for (String node : nodes) {
            try (NvmeDevice device = new NvmeDevice(libc, node, false)) {
                libc.stdout().println(row(node, device));
            } catch (SystemCallException e) {
                // It has gone since, or is a file of somebody's that only is called so.
                libc.warn(node + ": " + e.getMessage());
            }
        }
        return 0;
    }

    private static String row(String node, NvmeDevice device) {
        byte[] controller = new byte[NvmeDevice.PAGE_BYTES];
        byte[] namespace = new byte[NvmeDevice.PAGE_BYTES];
        int id = device.namespace();
        device.command(IDENTIFY, 0, IDENTIFY_CONTROLLER, controller);
        device.command(IDENTIFY, id, IDENTIFY_NAMESPACE, namespace);
        int blockBytes = blockBytes(namespace);
        ByteBuffer numbers = NvmeDevice.numbers(namespace);
        return ROW.formatted(
                node,
                NvmeDevice.text(controller, SERIAL, SERIAL_BYTES),
                NvmeDevice.text(controller, MODEL, MODEL_BYTES),
                id,
                "%d / %d MiB"
                        .formatted(
                                mebibytes(numbers.getLong(16), blockBytes), mebibytes(numbers.getLong(0), blockBytes)),
                blockBytes + " B + 0 B",
                NvmeDevice.text(controller, FIRMWARE, FIRMWARE_BYTES));
    }

    private static long mebibytes(long blocks, int blockBytes) {
        return (blocks * blockBytes) >> 20;
    }

    private static int blockBytes(byte[] namespace) {
        return 1 << namespace[FORMATS + (namespace[FORMAT_NOW] & FORMAT_MASK) * Integer.BYTES + 2];
    }

    private static int controller(Libc libc, NvmeDevice device) {
        byte[] answer = new byte[NvmeDevice.PAGE_BYTES];
        int status = device.command(IDENTIFY, 0, IDENTIFY_CONTROLLER, answer);
        ByteBuffer numbers = NvmeDevice.numbers(answer);
        if (status == 0) {
            line(libc, "vid", "0x%x".formatted(numbers.getShort(0)));
            line(libc, "sn", NvmeDevice.text(answer, SERIAL, SERIAL_BYTES));
            line(libc, "mn", NvmeDevice.text(answer, MODEL, MODEL_BYTES));
            line(libc, "fr", NvmeDevice.text(answer, FIRMWARE, FIRMWARE_BYTES));
            line(libc, "mdts", answer[TRANSFER_SHIFT]);
            line(libc, "ver", "0x%x".formatted(numbers.getInt(80)));
            line(libc, "nn", numbers.getInt(NAMESPACES));
            line(libc, "oncs", "0x%x".formatted(numbers.getShort(520)));
            line(libc, "vwc", "0x%x".formatted(answer[WRITE_CACHE]));
        }
        return status;
    }

    private static int namespace(Libc libc, NvmeDevice device) {
        byte[] answer = new byte[NvmeDevice.PAGE_BYTES];
        int status = device.command(IDENTIFY, device.namespace(), IDENTIFY_NAMESPACE, answer);
        ByteBuffer numbers = NvmeDevice.numbers(answer);
        if (status == 0) {
            line(libc, "nsze", "0x%x".formatted(numbers.getLong(0)));
            line(libc, "ncap", "0x%x".formatted(numbers.getLong(8)));
            line(libc, "nuse", "0x%x".formatted(numbers.getLong(16)));
            line(libc, "flbas", "0x%x".formatted(answer[FORMAT_NOW]));
            line(libc, "block bytes", blockBytes(answer));
        }
        return status;
    }

    private static int health(Libc libc, NvmeDevice device) {
        byte[] answer = new byte[HEALTH_BYTES];
        int words = (HEALTH_BYTES / Integer.BYTES - 1) << Short.SIZE;
        int status = device.command(GET_LOG_PAGE, ALL_NAMESPACES, words | HEALTH_PAGE, answer);
        ByteBuffer numbers = NvmeDevice.numbers(answer);
        if (status == 0) {
            line(libc, "critical_warning", "0x%x".formatted(answer[0]));
            line(libc, "temperature", (numbers.getShort(1) & 0xffff) - ZERO_CELSIUS_KELVIN + " C");
            line(libc, "available_spare", answer[3] + "%");
            line(libc, "available_spare_threshold", answer[4] + "%");
            line(libc, "percentage_used", (answer[5] & 0xff) + "%");
            line(libc, "data_units_read", numbers.getLong(32));
            line(libc, "data_units_written", numbers.getLong(48));
            line(libc, "host_read_commands", numbers.getLong(64));
            line(libc, "host_write_commands", numbers.getLong(80));
            line(libc, "power_cycles", numbers.getLong(112));
            line(libc, "power_on_hours", numbers.getLong(128));
            line(libc, "unsafe_shutdowns", numbers.getLong(144));
            line(libc, "media_errors", numbers.getLong(160));
            line(libc, "num_err_log_entries", numbers.getLong(176));
        }
        return status;
    }

    private static void line(Libc libc, String name, Object value) {
        libc.stdout().println("%-26s: %s".formatted(name, value));
    }

    private static int format(NvmeDevice device, String wanted) {
        int namespace = device.namespace();
        int number;
        if (wanted == null) {
            byte[] now = new byte[NvmeDevice.PAGE_BYTES];
            int status = device.command(IDENTIFY, namespace, IDENTIFY_NAMESPACE, now);
            if (status != 0) {
                return status;
            }
            number = now[FORMAT_NOW] & FORMAT_MASK;
        } else if (wanted.matches("[0-9]|1[0-5]")) {
            number = Integer.parseInt(wanted);
        } else {
            throw new UsageException("invalid format '" + wanted + "'");
        }
        return device.command(FORMAT, namespace, number, new byte[0]);
    }
}
