package hudson;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.XStreamException;
import com.thoughtworks.xstream.io.xml.PrettyPrintWriter;
import com.thoughtworks.xstream.io.xml.StaxDriver;
import hudson.util.XStream2;
import io.jenkins.inmemory.InMemoryDisk;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** An object kept in a file, which is replaced at once. */
public final class XmlFile {
    private static final XStream DEFAULT_XSTREAM = new XStream2();

    private final XStream xstream;
    private final File file;

    public XmlFile(File file) {
        this(DEFAULT_XSTREAM, file);
    }

    public XmlFile(XStream xs, File file) {
        this.xstream = xs;
        this.file = file;
    }

    public File getFile() {
        return file;
    }

    public boolean exists() {
        return file.exists();
    }

    public void delete() throws IOException {
        Files.deleteIfExists(file.toPath());
    }

    public Object read() throws IOException {
        return unmarshal(null);
    }

    /** Reads into an object that is there already. */
    public Object unmarshal(Object o) throws IOException {
        try (Reader reader = Files.newBufferedReader(file.toPath(), StandardCharsets.UTF_8)) {
            return xstream.unmarshal(new StaxDriver().createReader(reader), o);
        } catch (XStreamException e) {
            throw new IOException("Unable to read " + file, e);
        }
    }

    public void write(Object o) throws IOException {
        Path target = file.toPath();
        InMemoryDisk.write();
        Files.createDirectories(target.getParent());
        Path written = Files.createTempFile(target.getParent(), "atomic", ".tmp");
        try {
            try (Writer writer = Files.newBufferedWriter(written, StandardCharsets.UTF_8)) {
                writer.write("<?xml version='1.1' encoding='UTF-8'?>\n");
                xstream.marshal(o, new PrettyPrintWriter(writer));
            } catch (XStreamException e) {
                throw new IOException("Unable to write " + file, e);
            }
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
