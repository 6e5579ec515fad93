using System.Globalization;

namespace Refrag.ShippedApps.Training;

/// <summary>
/// Reads a data set from comma-separated values: numbers, and the class in the last column, which may be any text. The first line is taken
/// as a header where one of its feature columns is no number.
/// </summary>
internal sealed class CsvData(string path)
{
    // One wrong separator makes every line wrong; more of them show nothing new.
    private const int MostProblems = 10;
    private const int FewestRows = 10;

    private readonly List<Problem> _problems = [];
    private readonly List<double> _values = [];
    private readonly List<string> _labels = [];
    private int _columns;
    private int _line;

    public static async Task<Result<Dataset>> ReadAsync(string path, string workingDirectory, CancellationToken cancellationToken)
    {
        try
        {
            return await new CsvData(path).ReadAsync(Path.Combine(workingDirectory, path), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, exception);
        }
    }

    private static Problem Unreadable(string path, Exception exception) => new()
    {
        Code = "RF7203",
        What = $"The data file {path} cannot be read",
        Cause = exception.Message,
        Cure = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "Correct data=FILE" : Guess(path),
        Place = new ArgumentPlace($"data={path}", "data=".Length + 1, Math.Max(1, path.Length)),
    };

    private static string Guess(string path) =>
        $"Set data={Suggestion.Nearest(path, [TrainSettings.Clusters, TrainSettings.Spirals]) ?? TrainSettings.Clusters}, or data=FILE.csv";

    private async Task<Result<Dataset>> ReadAsync(string fullPath, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(fullPath);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            _line++;
            if (!string.IsNullOrWhiteSpace(line)) ReadLine(line);
            if (_problems.Count >= MostProblems) return Result<Dataset>.Failure(_problems);
        }
        if (_problems.Count == 0) CheckWhole();
        return _problems.Count == 0 ? Finish() : Result<Dataset>.Failure(_problems);
    }

    private void ReadLine(string line)
    {
        List<CsvField>? fields = CsvField.Split(line);
        if (fields is null)
        {
            Add("A quotation mark is not closed", "Close it; a field cannot continue in the next line", line, line.IndexOf('"') + 1);
            return;
        }
        if (_columns == 0 && !Begin(fields, line)) return;
        if (fields.Count != _columns)
        {
            Add($"The line has {fields.Count} columns, the first has {_columns}", "Give every line the same columns, separated by commas",
                line, 1);
            return;
        }
        ReadFields(fields, line);
    }

    // Whether the first line is data rather than a header.
    private bool Begin(List<CsvField> fields, string line)
    {
        if (fields.Count < 2)
        {
            Add("The line has one column", "Give at least one column of numbers and then the class, separated by commas", line, 1);
            return false;
        }
        _columns = fields.Count;
        return fields.Take(_columns - 1).All(field => TryNumber(field.Text, out _));
    }

    private void ReadFields(List<CsvField> fields, string line)
    {
        foreach (CsvField field in fields.Take(_columns - 1))
        {
            if (TryNumber(field.Text, out double number)) _values.Add(number);
            else Add($"\"{field.Text}\" is not a finite number", "Write a number such as -1.5e3, with a point", line, field.Column,
                field.Text.Length);
        }
        if (fields[^1].Text.Length == 0)
            Add("The class is empty", "Put the class into the last column", line, Math.Min(fields[^1].Column, line.Length));
        _labels.Add(fields[^1].Text);
    }

    private void CheckWhole()
    {
        if (_labels.Count < FewestRows)
            Add($"The file has {_labels.Count} rows of data; training needs {FewestRows} or more", "Give more rows", null, 1);
        else if (_labels.Distinct(StringComparer.Ordinal).Count() < 2)
            Add("All rows have the same class", "Put the class into the last column", null, 1);
    }

    // Classes are numbered in ordinal order of their text, so that the order of rows does not matter.
    private Dataset Finish()
    {
        string[] classes = [.. _labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int[] labels = [.. _labels.Select(label => Array.BinarySearch(classes, label, StringComparer.Ordinal))];
        return new Dataset([.. _values], labels, _columns - 1, classes.Length);
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private void Add(string what, string cure, string? line, int column, int length = 1) => _problems.Add(new Problem
    {
        Code = "RF7202",
        What = what,
        Cure = cure,
        Place = new FilePlace(path, Math.Max(1, _line), Math.Max(1, column), line, Math.Max(1, length)),
    });
}
