package hudson.util;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.converters.reflection.ReflectionConverter;
import com.thoughtworks.xstream.io.xml.StaxDriver;
import com.thoughtworks.xstream.security.AnyTypePermission;
import java.nio.file.Path;
import net.sf.json.JSON;

/**
 * Turns objects into XML and back. The real one lets only classes of Jenkins and its plugins through, whereas this one
 * refuses two kinds that have no business in a file, so that a slip shows before the real controller sees it.
 */
public class XStream2 extends XStream {
    public XStream2() {
        super(new StaxDriver());
        addPermission(AnyTypePermission.ANY);
        denyTypesByWildcard(new String[] {"java.util.ImmutableCollections*", "java.util.CollSer"});
        denyTypeHierarchy(JSON.class);
        denyTypeHierarchy(Path.class);
        registerConverter(new SecretConverter());
        registerConverter(new TransientFieldsReader(), PRIORITY_VERY_LOW);
    }

    /** Reads fields that are no longer written, as the real one does. */
    private final class TransientFieldsReader extends ReflectionConverter {
        private TransientFieldsReader() {
            super(XStream2.this.getMapper(), XStream2.this.getReflectionProvider());
        }

        @Override
        protected boolean shouldUnmarshalTransientFields() {
            return true;
        }
    }
}
