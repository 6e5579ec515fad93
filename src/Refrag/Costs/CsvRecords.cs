using System.Text;

namespace Refrag.Costs;

/// <summary>Reads CSV record by record, as RFC 4180 has it: values between quotes may hold commas, quotes and line ends.</summary>
internal static class CsvRecords
{
    public static IEnumerable<IReadOnlyList<string>> Read(TextReader text)
    {
        List<string> record = [];
        StringBuilder value = new();
        bool isQuoted = false;
        // Read ahead, and not peeked at: where a pipe has no more for now, a reader may find nothing to peek at.
        int next = text.Read();
        while (next >= 0)
        {
            char c = (char)next;
            next = text.Read();
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
                yield return record;
                record = [];
            }
            else if (c != '\r') value.Append(c);
        }
        if (value.Length == 0 && record.Count == 0) yield break;
        Take();
        yield return record;

        void Take()
        {
            record.Add(value.ToString());
            value.Clear();
        }
    }
}
