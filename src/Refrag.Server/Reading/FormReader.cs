using System.Globalization;
using System.Text;
using Refrag.Server.Failures;

namespace Refrag.Server.Reading;

/// <summary>The fields of a form, as the query protocols send them; lists are <c>Name.1</c>, <c>Name.2</c>.</summary>
internal sealed class FormReader
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public FormReader(ReadOnlySpan<byte> body)
    {
        foreach (string field in Encoding.UTF8.GetString(body).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = field.Split('=', 2);
            if (!_fields.TryAdd(Decode(pair[0]), pair.Length > 1 ? Decode(pair[1]) : ""))
                throw Invalid("MalformedQueryString", $"{Decode(pair[0])} is given twice.");
        }
    }

    /// <summary>A field; null if it is not given.</summary>
    public string? Find(string name)
    {
        _read.Add(name);
        return _fields.GetValueOrDefault(name);
    }

    /// <summary>The elements of a list, in order.</summary>
    public IReadOnlyList<string> List(string name)
    {
        List<string> found = [];
        while (Find(string.Create(CultureInfo.InvariantCulture, $"{name}.{found.Count + 1}")) is { } value) found.Add(value);
        return found;
    }

    /// <summary>The values of the filter of a name, and of no other filter; empty if none is given.</summary>
    public IReadOnlyList<string> Filter(string name)
    {
        if (Find("Filter.1.Name") is not { } given) return [];
        if (given != name) throw Invalid("InvalidParameterValue", $"The filter '{given}' is not known to the embedded engine.");
        return List("Filter.1.Value");
    }

    /// <summary>A field that was not read would be left out of the answer silently: it is refused.</summary>
    public void RefuseOthers()
    {
        if (_fields.Keys.FirstOrDefault(name => !_read.Contains(name)) is { } unknown)
            throw Invalid("UnknownParameter", $"The parameter {unknown} is not recognized by the embedded engine.");
    }

    /// <summary>A mistake in the request, in EC2's codes.</summary>
    public static ServiceFault Invalid(string code, string message) => new(code, message, System.Net.HttpStatusCode.BadRequest);

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
