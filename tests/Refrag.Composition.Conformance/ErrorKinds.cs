namespace Refrag.Composition.Conformance;

/// <summary>
/// Which of our problems says what the reference says by the class of its error, so that an error for another reason does not pass for
/// the same one: a table of two columns, separated by a tab: the class, with the class of its cause behind a slash where that says more,
/// and codes or their beginnings. What the table does not name is not compared.
/// </summary>
internal sealed class ErrorKinds
{
    private readonly Dictionary<string, string[]> _codes;

    private ErrorKinds(Dictionary<string, string[]> codes) => _codes = codes;

    /// <summary>Reads the table that is built into the program.</summary>
    public static ErrorKinds Read()
    {
        using Stream stream = typeof(ErrorKinds).Assembly.GetManifestResourceStream("error-kinds.tsv")
            ?? throw new InvalidOperationException("The table of error kinds is not built in.");
        using var reader = new StreamReader(stream);
        var codes = new Dictionary<string, string[]>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            string[] columns = line.Split('\t');
            if (columns.Length != 2) throw new FormatException($"error-kinds.tsv: '{line}' is not a class, a tab and codes.");
            codes[columns[0]] = columns[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        return new ErrorKinds(codes);
    }

    /// <summary>Whether one of the problems is of the kind of the reference's error.</summary>
    public bool Agree(Vectors.VectorCase vector, Outcome.Error error)
    {
        string kind = vector.ExpectedError?["class"]?.GetValue<string>() ?? "";
        string cause = vector.ExpectedError?["cause"]?["class"]?.GetValue<string>() ?? "";
        if (!_codes.TryGetValue($"{kind}/{cause}", out string[]? codes) && !_codes.TryGetValue(kind, out codes)) return true;
        return error.Codes.Any(code => codes.Any(begin => code.StartsWith(begin, StringComparison.Ordinal)));
    }
}
