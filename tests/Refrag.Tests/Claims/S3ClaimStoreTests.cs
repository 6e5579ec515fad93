using System.Text;
using Refrag.Aws;
using Refrag.Claims;

namespace Refrag.Tests.Claims;

/// <summary>Claims in a bucket of moto's.</summary>
[Trait("Peer", "moto")]
public sealed class S3ClaimStoreTests
{
    private static readonly Dictionary<string, string> s_variables = new(StringComparer.Ordinal)
    {
        ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = "secret",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateAsync_NameThatIsTaken_IsOnlyItsWritersAgain()
    {
        await using MotoProcess? moto = await StartAsync();
        using IClaimStore store = Store(moto!);
        Assert.Equal("s3://claims/refrag", store.Place);
        Assert.Null(await store.ReadAsync("job-1.1", Stop));
        Assert.True(await store.CreateAsync("job-1.1", "one"u8.ToArray(), Stop));
        Assert.False(await store.CreateAsync("job-1.1", "two"u8.ToArray(), Stop));
        // As after an answer that was lost: the second request meets what the first has written.
        Assert.True(await store.CreateAsync("job-1.1", "one"u8.ToArray(), Stop));

        Assert.Equal("one", Encoding.UTF8.GetString((await store.ReadAsync("job-1.1", Stop))!));
        Assert.Equal(["job-1.1"], await store.ListAsync(Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task TakeAsync_TwoHosts_OneHasItAndBothKnowTheOutcome()
    {
        await using MotoProcess? moto = await StartAsync();
        using IClaimStore store = Store(moto!);
        ClaimBook one = new(store, TimeProvider.System, "one", ClaimBook.UsualLease);
        ClaimBook two = new(store, TimeProvider.System, "two", ClaimBook.UsualLease);
        Assert.IsType<ClaimState.Taken>(await one.TakeAsync("move-1", "job", 2, "moved", Stop));
        Assert.Equal("one", Assert.IsType<ClaimState.Held>(await two.TakeAsync("move-1", "job", 2, "moved", Stop)).Claim.Owner);
        await one.RecordAsync("move-1", "job", "successor", Stop);

        Assert.Equal("successor", Assert.IsType<ClaimState.Done>(await two.TakeAsync("move-1", "job", 2, "moved", Stop)).Outcome.JobId);
        Assert.Equal("successor", Assert.Single(await two.ListAsync(Stop).ToListAsync(Stop)).Outcome?.JobId);
    }

    private static IClaimStore Store(MotoProcess moto) => ClaimStores.Named(
        "s3://claims/refrag/", place: null,
        new AwsClientOptions
        {
            Region = "us-east-1",
            EndpointUrl = moto.Endpoint.ToString(),
            Environment = new AwsEnvironment(s_variables.GetValueOrDefault, static _ => null),
        }).Value;

    private static async Task<MotoProcess?> StartAsync()
    {
        MotoProcess? moto = await MotoProcess.StartAsync();
        Assert.SkipWhen(
            moto is null && System.Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") != "1", "moto_server is not on PATH.");
        Assert.NotNull(moto);
        using var http = new HttpClient();
        using HttpResponseMessage made = await http.PutAsync(new Uri(moto.Endpoint, "claims"), content: null, Stop);
        Assert.True(made.IsSuccessStatusCode);
        return moto;
    }
}
