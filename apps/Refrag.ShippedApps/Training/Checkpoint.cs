using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Refrag.ShippedApps.Training;

/// <summary>What a checkpoint says about itself.</summary>
/// <param name="Run">What decides the numbers of the run, by key: a checkpoint is no use to a run where one differs.</param>
/// <param name="Step">Steps done.</param>
/// <param name="LossSum">The loss since the last line of metrics.</param>
/// <param name="Right">The right answers since then.</param>
/// <param name="Rows">The rows since then.</param>
/// <param name="Weights">How many weights follow.</param>
internal sealed record CheckpointHeader(SortedDictionary<string, string> Run, long Step, double LossSum, int Right, int Rows, int Weights);

/// <summary>
/// A checkpoint as bytes: "RFCK", version, length of the header (both 32 bits), the header as JSON, the weights as 64-bit floating point,
/// SHA-256 of all before; numbers little-endian.
/// </summary>
internal static class Checkpoint
{
    private const int Version = 1;
    private const int Prefix = 12;

    private static ReadOnlySpan<byte> Magic => "RFCK"u8;

    public static byte[] Encode(SortedDictionary<string, string> run, TrainerState state)
    {
        var header = new CheckpointHeader(run, state.Step, state.Since.LossSum, state.Since.Right, state.Since.Rows, state.Weights.Length);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header, TrainingJson.Default.CheckpointHeader);
        int weights = state.Weights.Length * sizeof(double);
        byte[] bytes = new byte[Prefix + json.Length + weights + SHA256.HashSizeInBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), json.Length);
        json.CopyTo(bytes, Prefix);
        MemoryMarshal.AsBytes(state.Weights.AsSpan()).CopyTo(bytes.AsSpan(Prefix + json.Length));
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes), bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes));
        return bytes;
    }

    /// <summary>What the bytes hold, or why they are no checkpoint.</summary>
    public static (CheckpointHeader? Header, TrainerState? State, string? Damage) Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Prefix + SHA256.HashSizeInBytes || !bytes[..4].SequenceEqual(Magic))
            return (null, null, "it is cut off or no checkpoint");
        ReadOnlySpan<byte> body = bytes[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes[body.Length..])) return (null, null, "its checksum does not fit");
        int version = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
        if (version != Version) return (null, null, $"its format is version {version}, this program reads {Version}");
        ReadOnlySpan<byte> rest = body[Prefix..];
        int length = BinaryPrimitives.ReadInt32LittleEndian(body[8..]);
        CheckpointHeader header = JsonSerializer.Deserialize(rest[..length], TrainingJson.Default.CheckpointHeader)!;
        double[] weights = MemoryMarshal.Cast<byte, double>(rest[length..]).ToArray();
        return (header, new TrainerState(header.Step, new Score(header.LossSum, header.Right, header.Rows), weights), null);
    }
}
