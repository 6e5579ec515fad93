using Refrag.History;

namespace Refrag.Tests.History;

public sealed class JobPlaceTests
{
    [Theory]
    [InlineData("http://127.0.0.1:9099/", "http://127.0.0.1:9099")]
    [InlineData("http://user:secret@127.0.0.1:9099", "http://127.0.0.1:9099")]
    [InlineData("https://user@batch.example.org/api/?key=secret#part", "https://batch.example.org/api")]
    public void EndpointOf_Url_IsSchemeHostPortAndPathAlone(string given, string expected) =>
        Assert.Equal(expected, JobPlace.EndpointOf(new Uri(given)));
}
