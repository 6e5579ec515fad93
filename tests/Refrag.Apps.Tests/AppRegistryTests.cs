namespace Refrag.Apps.Tests;

public sealed class AppRegistryTests
{
    [Fact]
    public void Find_KnownName_IsTheApp()
    {
        var app = new Named("train");

        Assert.Same(app, new AppRegistry(new Named("hello_dist"), app).Find("train"));
    }

    [Fact]
    public void Unknown_NearMiss_SuggestsTheName()
    {
        var apps = new AppRegistry(new Named("hello_dist"), new Named("train"));

        Assert.Null(apps.Find("trian"));
        Assert.Equal("Did you mean train?", apps.Unknown("trian").Cure);
        Assert.Contains("hello_dist, train", apps.Unknown("trian").Cause);
    }

    [Fact]
    public void New_TwoOfOneName_Throws() => Assert.Throws<ArgumentException>(() => new AppRegistry(new Named("a"), new Named("a")));

    private sealed class Named(string name) : IApp
    {
        public string Name => name;

        public Task<int> RunAsync(AppRun run, CancellationToken cancellationToken) => Task.FromResult(0);
    }
}
