using System.Text;
using Refrag.Cli.LocalRuns;

namespace Refrag.Cli.Tests.LocalRuns;

public sealed class RunFramesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_PartsThatWereWritten_ComeInOrderAndThenNone()
    {
        using var stream = new MemoryStream();
        await RunFrames.WriteAsync(stream, "batch.ListJobs", Stop);
        await RunFrames.WriteAsync(stream, ReadOnlyMemory<byte>.Empty, Stop);
        await RunFrames.WriteAsync(stream, "größer", Stop);
        stream.Position = 0;

        Assert.Equal("batch.ListJobs", Encoding.UTF8.GetString((await RunFrames.ReadAsync(stream, Stop))!));
        Assert.Empty((await RunFrames.ReadAsync(stream, Stop))!);
        Assert.Equal("größer", Encoding.UTF8.GetString((await RunFrames.ReadAsync(stream, Stop))!));
        Assert.Null(await RunFrames.ReadAsync(stream, Stop));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public async Task ReadAsync_ConnectionBreaksOff_IsAnIOException(int arrived)
    {
        using var whole = new MemoryStream();
        await RunFrames.WriteAsync(whole, "abc", Stop);
        using var stream = new MemoryStream(whole.ToArray()[..arrived]);

        await Assert.ThrowsAsync<EndOfStreamException>(() => RunFrames.ReadAsync(stream, Stop));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x01, 0x00, 0x00, 0x04 })]
    public async Task ReadAsync_LengthThatNoPartHas_IsRefusedBeforeItIsRead(byte[] length)
    {
        using var stream = new MemoryStream([.. length, .. "GET / HTTP/1.1"u8]);

        await Assert.ThrowsAsync<InvalidDataException>(() => RunFrames.ReadAsync(stream, Stop));
        Assert.Equal(sizeof(int), stream.Position);
    }
}
