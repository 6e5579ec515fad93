using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Refrag.CommandTables;

/// <summary>
/// A table as the word that a container's command carries: JSON that people can read, or the same compressed where it would not fit.
/// </summary>
internal static class CommandTableText
{
    private const string Brotli = "br:";

    // Far more than 8,192 bytes can hold of a real table; a text from elsewhere must not fill the memory.
    private const int MostBytes = 64 * 1024 * 1024;

    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(CommandTable table) => Encoding.UTF8.GetString(Json(table).Span);

    public static string Compress(CommandTable table)
    {
        ReadOnlySpan<byte> json = Json(table).Span;
        byte[] small = new byte[BrotliEncoder.GetMaxCompressedLength(json.Length)];
        // The window is the largest, so that equal lines far apart are still seen.
        if (!BrotliEncoder.TryCompress(json, small, out int length, quality: 9, window: 24))
            throw new InvalidOperationException("The table cannot be compressed.");
        return Brotli + Base64Url.EncodeToString(small.AsSpan(0, length));
    }

    /// <summary>Reads what <see cref="Write(CommandTable)"/> or <see cref="Compress"/> wrote; null if it is something else.</summary>
    public static CommandTable? Parse(string text)
    {
        try
        {
            using JsonDocument document =
                JsonDocument.Parse(
                    text.StartsWith(Brotli, StringComparison.Ordinal) ? Decompress(text[Brotli.Length..]) : Encoding.UTF8.GetBytes(text));
            return CommandTableReader.Read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException
            or InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Decompress(string text)
    {
        using var source = new BrotliStream(new MemoryStream(Base64Url.DecodeFromChars(text)), CompressionMode.Decompress);
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (source.Read(buffer) is > 0 and var read)
        {
            if (all.Length + read > MostBytes) throw new InvalidDataException("The table is too large.");
            all.Write(buffer, 0, read);
        }
        return all.ToArray();
    }

    private static ReadOnlyMemory<byte> Json(CommandTable table)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_plain))
        {
            json.WriteStartObject();
            json.WriteString("jobs", table.Jobs.ToString());
            json.WriteStartArray("shape");
            foreach (int length in table.Shape) json.WriteNumberValue(length);
            json.WriteEndArray();
            json.WriteStartArray("columns");
            foreach (TableColumn column in table.Columns) Write(json, column);
            json.WriteEndArray();
            json.WriteStartArray("command");
            foreach (IReadOnlyList<TablePiece> word in table.Words) Write(json, word);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, TableColumn column)
    {
        json.WriteStartObject();
        if (column.Axis is { } axis) json.WriteNumber("axis", axis);
        if (column is CountColumn count)
        {
            json.WriteNumber("first", count.First);
            json.WriteNumber("step", count.Step);
            json.WriteNumber("count", count.Length);
        }
        else
        {
            json.WriteStartArray("values");
            foreach (string value in ((ListColumn)column).Values) json.WriteStringValue(value);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    // A word without a column is a string, for people and for the size.
    private static void Write(Utf8JsonWriter json, IReadOnlyList<TablePiece> word)
    {
        if (word is [{ Text: { } whole }])
        {
            json.WriteStringValue(whole);
            return;
        }
        json.WriteStartArray();
        foreach (TablePiece piece in word)
        {
            if (piece.Text is { } text) json.WriteStringValue(text);
            else json.WriteNumberValue(piece.Column);
        }
        json.WriteEndArray();
    }
}

/// <summary>
/// Reads a table from JSON; throws one of <see cref="JsonElement"/>'s own exceptions, or <see cref="FormatException"/>, where it is none.
/// </summary>
internal static class CommandTableReader
{
    public static CommandTable Read(JsonElement root)
    {
        int[] shape = [.. root.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())];
        CommandTable table = new()
        {
            Jobs = JobSet.Parse(root.GetProperty("jobs").GetString() ?? "") ?? throw new FormatException("jobs"),
            Shape = shape,
            Columns = [.. root.GetProperty("columns").EnumerateArray().Select(Column)],
            Words = [.. root.GetProperty("command").EnumerateArray().Select(Word)],
        };
        Check(table);
        return table;
    }

    private static TableColumn Column(JsonElement column)
    {
        int? axis = column.TryGetProperty("axis", out JsonElement number) ? number.GetInt32() : null;
        return column.TryGetProperty("values", out JsonElement values)
            ? new ListColumn(axis, [.. values.EnumerateArray().Select(value => value.GetString() ?? throw new FormatException("values"))])
            : new CountColumn(axis, column.GetProperty("first").GetInt64(), column.GetProperty("step").GetInt64(),
            column.GetProperty("count").GetInt32());
    }

    private static IReadOnlyList<TablePiece> Word(JsonElement word) => word.ValueKind == JsonValueKind.Array
        ? [.. word.EnumerateArray()
        .Select(piece => piece.ValueKind == JsonValueKind.String ? TablePiece.Of(piece.GetString()!) : TablePiece.Of(piece.GetInt32()))]
        : [TablePiece.Of(word.GetString() ?? throw new FormatException("command"))];

    // Every value that a child looks up is there.
    private static void Check(CommandTable table)
    {
        bool sound = table.Shape.All(length => length > 0)
            && table.Shape.Aggregate(1L, (all, length) => Math.Min(all * length, int.MaxValue)) < int.MaxValue
            && table.Columns.All(
            column => column.Axis is not { } axis || (axis >= 0 && axis < table.Shape.Count && column.Count >= table.Shape[axis]))
            && table.Columns.All(column => column.Axis is not null || column.Count >= table.Jobs.Count)
            && table.Words.All(
            word => word.All(piece => piece.Text is not null || (piece.Column >= 0 && piece.Column < table.Columns.Count)));
        if (!sound) throw new FormatException("table");
    }
}
