package io.jenkins.plugins.oauthmail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What stands in a POM, nothing inherited and nothing filled in. */
record Pom(Element project) {
    static Pom read(Path file) {
        try {
            return new Pom(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement());
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError(file + " cannot be read.", e);
        }
    }

    /** Null if there is no such element directly below the project. */
    String text(String name) {
        Element element = child(project, name);
        return element == null ? null : element.getTextContent().strip();
    }

    /** Null if there is no such property. */
    String property(String name) {
        Element property = child(child(project, "properties"), name);
        return property == null ? null : property.getTextContent().strip();
    }

    /** Artifact ids of a scope, each with its version as it stands there; empty if it stands elsewhere. */
    Map<String, String> dependencies(String scope) {
        Map<String, String> found = new TreeMap<>();
        for (Element dependency : children(child(project, "dependencies"), "dependency")) {
            Element declared = child(dependency, "scope");
            if (scope.equals(declared == null ? "compile" : declared.getTextContent())) {
                Element version = child(dependency, "version");
                found.put(
                        child(dependency, "artifactId").getTextContent(),
                        version == null ? "" : version.getTextContent());
            }
        }
        return found;
    }

    /** Two attributes of each element of a name, with a space between. */
    Set<String> attributes(String element, String first, String second) {
        Set<String> found = new TreeSet<>();
        for (Element each : children(project, element)) {
            found.add(each.getAttribute(first) + " " + each.getAttribute(second));
        }
        return found;
    }

    private static Element child(Element parent, String name) {
        return children(parent, name).stream().findFirst().orElse(null);
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
