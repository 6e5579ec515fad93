using System.Diagnostics;

namespace Refrag.Acceptance.Tests.Peers;

/// <summary><c>refrag history watch</c> on a server that speaks Batch and streams no events.</summary>
[Collection(MotoTests.Name)]
public sealed class HistoryMotoTests(MotoAccount moto) : IClassFixture<MotoAccount>
{
    [Fact]
    [Trait("Peer", "moto")]
    public async Task Watch_OfAServerWithoutEvents_SaysSoAndLooks()
    {
        moto.SkipIfAbsent();
        using Process watch = moto.Program().Start(["history", "watch", "env=awsbatch", "--every", "5"]);
        try
        {
            using CancellationTokenSource limit = Eventually.Stop();
            string? seen = await watch.StandardOutput.ReadLineAsync(limit.Token);
            string? line = "";
            while (line?.Contains("RF8194", StringComparison.Ordinal) == false) line = await watch.StandardError.ReadLineAsync(limit.Token);

            Assert.Equal("0 jobs seen, 0 measured.", seen);
            Assert.NotNull(line);
        }
        finally
        {
            if (!watch.HasExited) watch.Kill();
            await watch.WaitForExitAsync(CancellationToken.None);
        }
    }
}
