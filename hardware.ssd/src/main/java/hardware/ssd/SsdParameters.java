// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import hardware.ssd.nand.NandFailures;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a disk is made: parameters by name, each with its default. Immutable.
 *
 * <p>A wrong one is an {@link IllegalArgumentException} that says which and why.
 */
public final class SsdParameters {
    /** The most queues: the interrupt controller has 256 lines for everybody. */
    static final int MOST_QUEUES = 63;

    static final int MOST_NAMESPACES = 64;

    private static final long KIB = 1024;
    private static final long GIB = KIB * KIB * KIB;
    private static final long LEAST_BYTES = 64 * KIB;
    private static final long MOST_BYTES = KIB * GIB;
    private static final int PAGE = 4096;

    private static final Map<String, String> DESCRIPTIONS = Map.ofEntries(
            Map.entry("capacity", "size of all namespaces together, with K, M, G or T (default 64M)"),
            Map.entry("namespaces", "how many namespaces share it equally, 1 to 64 (default 1)"),
            Map.entry("queues", "I/O queues of each kind, each with an interrupt vector, 1 to 63 (default 16)"),
            Map.entry("profile", "latency and reliability: zero, nvme, sata or worn-out (default zero)"),
            Map.entry("cache", "size of the volatile write cache, with K, M or G; 0 for none (default 1M)"),
            Map.entry("block_size", "bytes of a block as delivered, 512 or 4096 (default 512)"),
            Map.entry("image", "file of the host that holds the flash; made if there is none (default: in memory)"),
            Map.entry("raw", "file of the host that holds the only namespace, block after block (default: none)"),
            Map.entry("read_only", "whether the file is only read, true or false (default false)"),
            Map.entry("channels", "channels of the flash, 1 to 64 (default 4)"),
            Map.entry("dies", "dies of each channel, 1 to 16 (default 2)"),
            Map.entry(
                    "pages_per_block",
                    "pages of 4 KiB of an erase block, a power of two, 4 to 1024 (default 64, above 1G 256)"),
            Map.entry("overprovision", "spare blocks in percent, 0 to 400 (default 10)"),
            Map.entry("endurance", "erase cycles that a block is made for, 1 to 1000000 (default 3000)"),
            Map.entry("factory_bad", "probability that a block is bad from the beginning, 0 to 0.2 (default 0)"),
            Map.entry("program_failure", "probability that a page cannot be programmed, 0 to 0.5 (default by profile)"),
            Map.entry("erase_failure", "probability that a block cannot be erased, 0 to 0.5 (default by profile)"),
            Map.entry("read_retry", "probability that a read must be tried again, 0 to 0.9 (default by profile)"),
            Map.entry("read_loss", "probability that a read finds its page lost, 0 to 1 (default 0)"));

    private static final List<String> NAMES = List.of(
            "capacity",
            "namespaces",
            "queues",
            "profile",
            "cache",
            "block_size",
            "image",
            "raw",
            "read_only",
            "channels",
            "dies",
            "pages_per_block",
            "overprovision",
            "endurance",
            "factory_bad",
            "program_failure",
            "erase_failure",
            "read_retry",
            "read_loss");

    private final Map<String, String> given;
    private final Profile profile;

    private SsdParameters(Map<String, String> given) {
        this.given = new LinkedHashMap<>(given);
        for (String name : given.keySet()) {
            if (!DESCRIPTIONS.containsKey(name)) {
                throw new IllegalArgumentException(
                        "%s has no parameter '%s', only %s".formatted(SsdModel.TYPE, name, String.join(", ", NAMES)));
            }
        }
        profile = chooseProfile(given.getOrDefault("profile", Profile.ZERO.text()));
    }

    /** Reads parameters as they are typed. */
    public static SsdParameters of(Map<String, String> given) {
        SsdParameters parameters = new SsdParameters(given);
        parameters.checkAll();
        return parameters;
    }

    /** The names and meanings of all parameters. */
    static Map<String, String> descriptions() {
        Map<String, String> ordered = new LinkedHashMap<>();
        NAMES.forEach(name -> ordered.put(name, DESCRIPTIONS.get(name)));
        return ordered;
    }

    private void checkAll() {
        capacityBytes();
        queues();
        cachePages();
        format();
        channels();
        dies();
        pagesPerBlock();
        overprovisionPercent();
        failures();
        readOnly();
        if (image() != null && raw() != null) {
            throw new IllegalArgumentException("image and raw are two ways to keep the data; give one");
        }
        if (raw() != null && namespaces() != 1) {
            throw new IllegalArgumentException("a raw file is one namespace, not " + namespaces());
        }
        if (capacityBytes() % ((long) PAGE * namespaces()) != 0) {
            throw new IllegalArgumentException("capacity %d cannot be shared by %d namespaces in units of %d bytes"
                    .formatted(capacityBytes(), namespaces(), PAGE));
        }
    }

    private static Profile chooseProfile(String text) {
        for (Profile candidate : Profile.values()) {
            if (candidate.text().equals(text.strip().toLowerCase(Locale.ROOT))) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("profile is zero, nvme, sata or worn-out, not '%s'".formatted(text));
    }

    Profile profile() {
        return profile;
    }

    boolean isGiven(String name) {
        return given.containsKey(name);
    }

    long capacityBytes() {
        return size("capacity", 64 * KIB * KIB, LEAST_BYTES, MOST_BYTES);
    }

    int namespaces() {
        return number("namespaces", 1, 1, MOST_NAMESPACES);
    }

    int queues() {
        return number("queues", 16, 1, MOST_QUEUES);
    }

    int cachePages() {
        return (int) (size("cache", KIB * KIB, 0, GIB) / PAGE);
    }

    /** The format of new namespaces, as identify numbers it. */
    int format() {
        int bytes = number("block_size", 512, 512, PAGE);
        if (bytes != 512 && bytes != PAGE) {
            throw new IllegalArgumentException("block_size is 512 or 4096, not " + bytes);
        }
        return bytes == PAGE ? 1 : 0;
    }

    Path image() {
        return path("image");
    }

    Path raw() {
        return path("raw");
    }

    private Path path(String name) {
        String text = given.get(name);
        if (text != null && text.isBlank()) {
            throw new IllegalArgumentException(name + " is the name of a file, not ''");
        }
        return text == null ? null : Path.of(text);
    }

    boolean readOnly() {
        String text = given.getOrDefault("read_only", "false").strip();
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("read_only is true or false, not '%s'".formatted(text));
        }
        return text.equals("true");
    }

    int channels() {
        return number("channels", 4, 1, 64);
    }

    int dies() {
        return number("dies", 2, 1, 16);
    }

    int pagesPerBlock() {
        int pages = number("pages_per_block", capacityBytes() > GIB ? 256 : 64, 4, 1024);
        if (Integer.bitCount(pages) != 1) {
            throw new IllegalArgumentException("pages_per_block is a power of two, not " + pages);
        }
        return pages;
    }

    int overprovisionPercent() {
        return number("overprovision", 10, 0, 400);
    }

    NandFailures failures() {
        int endurance = number("endurance", 3_000, 1, 1_000_000);
        return new NandFailures(
                probability("factory_bad", 0, 0.2),
                probability("program_failure", profile.programFailure, 0.5),
                probability("erase_failure", profile.eraseFailure, 0.5),
                probability("read_retry", profile.readRetry, 0.9),
                probability("read_loss", 0, 1),
                endurance,
                (int) (profile.used * endurance));
    }

    private int number(String name, int standard, int least, int most) {
        String text = given.get(name);
        if (text == null) {
            return standard;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, in the words of who typed it.
        }
        throw new IllegalArgumentException(
                "%s is a whole number from %d to %d, not '%s'".formatted(name, least, most, text));
    }

    private double probability(String name, double standard, double most) {
        String text = given.get(name);
        if (text == null) {
            return standard;
        }
        try {
            double value = Double.parseDouble(text.strip());
            if (value >= 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, in the words of who typed it.
        }
        throw new IllegalArgumentException("%s is a probability from 0 to %s, not '%s'".formatted(name, most, text));
    }

    private long size(String name, long standard, long least, long most) {
        String text = given.get(name);
        if (text == null) {
            return standard;
        }
        String digits = text.strip().toUpperCase(Locale.ROOT);
        int unit = digits.isEmpty() ? -1 : "KMGT".indexOf(digits.charAt(digits.length() - 1));
        try {
            long value = Long.parseLong(unit < 0 ? digits : digits.substring(0, digits.length() - 1));
            long factor = unit < 0 ? 1 : 1L << (10 * (unit + 1));
            if (value >= 0 && value <= most / factor && value * factor >= least && value * factor % PAGE == 0) {
                return value * factor;
            }
        } catch (NumberFormatException e) {
            // Told below, in the words of who typed it.
        }
        throw new IllegalArgumentException("%s is a multiple of 4096 from %d to %d bytes, such as 64M, not '%s'"
                .formatted(name, least, most, text));
    }
}
