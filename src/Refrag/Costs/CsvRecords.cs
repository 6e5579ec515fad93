using System.Text;

namespace Refrag.Costs;

/// <summary>Reads CSV record by record, as RFC 4180 has it: values between quotes may hold commas, quotes and line ends.</summary>
internal static class CsvRecords
{
    public static IEnumerable<IReadOnlyList<string>> Read(TextReader text) => ReadWithLines(text).Select(static record => record.Values);

    /// <summary>The same with the line, from 1, on which each record begins.</summary>
    public static IEnumerable<(int Line, IReadOnlyList<string> Values)> ReadWithLines(TextReader text)
    {
        List<string> record = [];
        StringBuilder value = new();
        bool isQuoted = false;
        (int line, int begin) = (1, 1);
        // Read ahead, and not peeked at: where a pipe has no more for now, a reader may find nothing to peek at.
        int next = text.Read();
        while (next >= 0)
        {
            char c = (char)next;
            next = text.Read();
            if (c == '\n') line++;
            if (isQuoted)
            {
                if (c != '"') value.Append(c);
                else if (next == '"')
                {
                    value.Append(c);
                    next = text.Read();
                }
                else isQuoted = false;
            }
            else if (c == '"') isQuoted = true;
            else if (c == ',') Take();
            else if (c == '\n')
            {
                Take();
                yield return (begin, record);
                (record, begin) = ([], line);
            }
            else if (c != '\r') value.Append(c);
        }
        if (value.Length == 0 && record.Count == 0) yield break;
        Take();
        yield return (begin, record);

        void Take()
        {
            record.Add(value.ToString());
            value.Clear();
        }
    }
}
