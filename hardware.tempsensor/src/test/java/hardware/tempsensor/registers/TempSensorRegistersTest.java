// SPDX-License-Identifier: Apache-2.0
package hardware.tempsensor.registers;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.Register;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Do the registers exclude each other, and does the datasheet say the same as the code? */
final class TempSensorRegistersTest {
    private static final Path DATASHEET = Path.of("..", "docs", "hardware", "tempsensor.md");

    @Test
    void registersHaveOffsetsOfTheirOwnInTheWindow() {
        Set<Integer> offsets = new HashSet<>();
        for (Register register : TempSensorRegisters.all()) {
            assertThat(offsets.add(register.offset())).as(register.name()).isTrue();
            assertThat(register.offset()).isBetween(0, TempSensorRegisters.WINDOW_BYTES - 4);
            assertThat(register.offset() % 4).isZero();
        }
    }

    @Test
    void allRegistersAreListedAndNamedAsTheirConstants() throws IllegalAccessException {
        Map<String, Register> constants = constants(Register.class);
        assertThat(TempSensorRegisters.all()).containsExactlyInAnyOrderElementsOf(constants.values());
        constants.forEach((name, register) -> assertThat(register.name()).isEqualTo(name));
    }

    @Test
    void bitsOfARegisterDoNotOverlap() throws IllegalAccessException {
        Map<String, Integer> used = new HashMap<>();
        bits().forEach((name, mask) -> {
            assertThat(mask).as(name).isNotZero();
            String register = name.substring(0, name.indexOf('_'));
            int before = used.getOrDefault(register, 0);
            assertThat(before & mask).as(name).isZero();
            used.put(register, before | mask);
        });
        assertThat(used.keySet()).containsExactlyInAnyOrder("STATUS", "COMMAND", "INTERRUPT");
    }

    @Test
    void theDatasheetListsTheRegisters() throws IOException {
        List<String> expected = new ArrayList<>();
        for (Register register : TempSensorRegisters.all()) {
            String access = switch (register) {
                case Register.ReadOnly r -> "RO";
                case Register.WriteOnly r -> "WO";
                case Register.ReadWrite r -> "RW";
            };
            expected.add("0x%02x %s %s".formatted(register.offset(), register.name(), access));
        }
        List<String> documented = table("| Offset |").stream()
                .map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2))
                .toList();
        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void theDatasheetListsTheBits() throws IOException, IllegalAccessException {
        Map<String, Integer> documented = new HashMap<>();
        for (List<String> row : table("| Register | Bit |")) {
            documented.put(row.get(0) + "_" + row.get(2), 1 << Integer.parseInt(row.get(1)));
        }
        assertThat(documented).isEqualTo(bits());
    }

    @Test
    void theDatasheetKnowsTheFixedValues() throws IOException {
        Map<String, String> afterPlugIn = new HashMap<>();
        table("| Offset |").forEach(row -> afterPlugIn.put(row.get(1), row.get(3)));
        assertThat(afterPlugIn)
                .containsEntry("ID", "0x%08x".formatted(TempSensorRegisters.ID_VALUE))
                .containsEntry("VERSION", "0x%08x".formatted(TempSensorRegisters.VERSION_VALUE));
        assertThat(Files.readString(DATASHEET))
                .contains("| register window | " + TempSensorRegisters.WINDOW_BYTES + " bytes");
    }

    /** The constants that are bits: named REGISTER_BIT. */
    private static Map<String, Integer> bits() throws IllegalAccessException {
        Map<String, Integer> bits = constants(int.class);
        bits.keySet().removeAll(Set.of("WINDOW_BYTES", "ID_VALUE", "VERSION_VALUE"));
        return bits;
    }

    @SuppressWarnings("unchecked")
    private static <T> Map<String, T> constants(Class<?> type) throws IllegalAccessException {
        Map<String, T> constants = new HashMap<>();
        for (Field field : TempSensorRegisters.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && type.isAssignableFrom(field.getType())) {
                constants.put(field.getName(), (T) field.get(null));
            }
        }
        return constants;
    }

    /** The rows of the datasheet's table whose head begins so, without head and rule. */
    private static List<List<String>> table(String head) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String text : Files.readAllLines(DATASHEET)) {
            inside = text.startsWith(head) || (inside && text.startsWith("|"));
            if (inside && !text.startsWith(head) && !text.startsWith("|---")) {
                rows.add(List.of(text.substring(1).split("\\|")).stream()
                        .map(String::strip)
                        .toList());
            }
        }
        assertThat(rows).as(head).isNotEmpty();
        return rows;
    }
}
