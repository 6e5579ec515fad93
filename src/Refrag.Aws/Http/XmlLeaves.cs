using System.Xml;

namespace Refrag.Aws;

/// <summary>The texts of an XML answer, each with the path of its elements' names, without namespaces.</summary>
internal static class XmlLeaves
{
    // No document of ours has a type definition; one that has is not AWS's.
    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        IgnoreWhitespace = true,
        IgnoreComments = true,
    };

    /// <summary>Code and message of an error; null if the document has none.</summary>
    public static (string? Code, string? Message) Error(byte[] body)
    {
        string? code = null;
        string? message = null;
        try
        {
            foreach ((string path, string text) in Of(body))
            {
                if (path.EndsWith("/Error/Code", StringComparison.Ordinal)) code ??= text;
                if (path.EndsWith("/Error/Message", StringComparison.Ordinal)) message ??= text;
            }
        }
        catch (InvalidDataException)
        {
            // A proxy's page, or half an answer: the status must say it.
        }
        return (code, message);
    }

    /// <summary>Every text with its path, in order; throws <see cref="InvalidDataException"/> for what is no XML.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="begins">Paths of elements whose beginning is reported too, with an empty text.</param>
    public static List<(string Path, string Text)> Of(byte[] body, params ReadOnlySpan<string> begins)
    {
        var found = new List<(string, string)>();
        var path = new Stack<string>([""]);
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(body), s_settings);
            while (xml.Read())
            {
                switch (xml.NodeType)
                {
                    case XmlNodeType.Element:
                        string element = $"{path.Peek()}/{xml.LocalName}";
                        if (begins.Contains(element)) found.Add((element, ""));
                        if (!xml.IsEmptyElement) path.Push(element);
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        found.Add((path.Peek(), xml.Value));
                        break;
                    case XmlNodeType.EndElement:
                        path.Pop();
                        break;
                }
            }
        }
        catch (XmlException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        return found;
    }
}
