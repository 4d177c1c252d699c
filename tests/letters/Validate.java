import java.io.FileInputStream;
import java.io.InputStream;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates every file named by the arguments after the first against the comma-separated flavours of the first.
 *  One line a finding: flavour, TAB, file, TAB, "ok" or the violated rule. */
public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int index = 1; index < arguments.length; index++) {
            for (String flavourId : arguments[0].split(",")) {
                PDFAFlavour flavour = PDFAFlavour.fromString(flavourId);
                String prefix = flavourId + "\t" + arguments[index] + "\t";
                try (InputStream file = new FileInputStream(arguments[index]);
                     PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                     PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                    ValidationResult result = validator.validate(parser);
                    TreeSet<String> findings = new TreeSet<>();
                    for (TestAssertion assertion : result.getTestAssertions()) {
                        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                            findings.add(assertion.getRuleId().getClause() + ": "
                                + String.valueOf(assertion.getMessage()).replace('\n', ' '));
                        }
                    }
                    if (result.isCompliant() && findings.isEmpty()) {
                        findings.add("ok");
                    } else if (findings.isEmpty()) {
                        findings.add("not compliant");
                    }
                    for (String finding : findings) {
                        System.out.println(prefix + finding);
                    }
                }
            }
        }
    }
}
