namespace Refrag.Aws.Tests.Settings;

public sealed class AwsEndpointTests
{
    private const string Config = """
        # a comment
        [default]
        region = eu-central-1

        [profile research]
        region=us-west-2
        endpoint_url = http://profile.test   # everything
        services = lab

        [profile plain]
        region = us-west-2
        endpoint_url = http://plain.test

        [services lab]
        batch =
          endpoint_url = http://batch.test
        cloudwatch_logs =
          endpoint_url = http://logs.test
        """;

    [Theory]
    [InlineData("", "eu-central-1", "profile default")]
    [InlineData("AWS_PROFILE=research", "us-west-2", "profile research")]
    [InlineData("AWS_PROFILE=research AWS_DEFAULT_REGION=us-east-2", "us-east-2", "AWS_DEFAULT_REGION")]
    [InlineData("AWS_DEFAULT_REGION=us-east-2 AWS_REGION=ap-south-1", "ap-south-1", "AWS_REGION")]
    public void Find_Region_ComesFromTheFirstThatHasOne(string variables, string region, string source)
    {
        AwsEndpoint destination = Find(variables).Value;
        Assert.Equal((region, source), (destination.Region, destination.RegionSource));
    }

    [Fact]
    public void Find_RegionOption_WinsOverAll() =>
        Assert.Equal("sa-east-1", Find("AWS_REGION=us-east-2", o => o with { Region = "sa-east-1" }).Value.Region);

    [Theory]
    [InlineData("", "https://batch.eu-central-1.amazonaws.com/", "AWS")]
    [InlineData("AWS_PROFILE=plain", "http://plain.test/", "profile plain")]
    [InlineData("AWS_PROFILE=research", "http://batch.test/", "services lab")]
    [InlineData("AWS_PROFILE=research AWS_ENDPOINT_URL=http://all.test", "http://all.test/", "AWS_ENDPOINT_URL")]
    [InlineData(
        "AWS_ENDPOINT_URL=http://all.test AWS_ENDPOINT_URL_BATCH=http://one.test:8080", "http://one.test:8080/", "AWS_ENDPOINT_URL_BATCH")]
    [InlineData("AWS_PROFILE=research AWS_ENDPOINT_URL=http://all.test AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true",
        "https://batch.us-west-2.amazonaws.com/", "AWS")]
    public void Find_Endpoint_ComesFromTheFirstThatHasOne(string variables, string url, string source)
    {
        AwsEndpoint destination = Find(variables).Value;
        Assert.Equal((url, source), (destination.Endpoint.ToString(), destination.EndpointSource));
    }

    [Theory]
    [InlineData("eu-west-1", "https://iam.amazonaws.com/", "us-east-1")]
    [InlineData("cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn/", "cn-north-1")]
    [InlineData("us-gov-east-1", "https://iam.us-gov.amazonaws.com/", "us-gov-west-1")]
    [InlineData("us-isob-east-1", "https://iam.us-isob-east-1.sc2s.sgov.gov/", "us-isob-east-1")]
    public void Find_ServiceWithoutRegions_IsAskedAndSignedWhereItAnswers(string region, string url, string signed)
    {
        AwsEndpoint destination = Find($"AWS_REGION={region}", service: AwsService.Iam).Value;
        Assert.Equal((url, signed), (destination.Endpoint.ToString(), destination.Region));
    }

    [Fact]
    public void Find_EndpointOption_WinsOverAll() => Assert.Equal(
        "http://mine.test/",
        Find("AWS_ENDPOINT_URL_BATCH=http://one.test AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true",
            o => o with { EndpointUrl = "http://mine.test" }).Value.Endpoint.ToString());

    [Fact]
    public void Find_Logs_HasVariableAndSectionOfItsOwn()
    {
        Assert.Equal("http://logs.test/", Find("AWS_PROFILE=research", service: AwsService.Logs).Value.Endpoint.ToString());
        Assert.Equal(
            "http://l.test/", Find("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=http://l.test", service: AwsService.Logs).Value.Endpoint.ToString());
        Assert.Equal("https://logs.eu-central-1.amazonaws.com/", Find("", service: AwsService.Logs).Value.Endpoint.ToString());
    }

    [Theory]
    [InlineData("cn-north-1", "https://batch.cn-north-1.amazonaws.com.cn/")]
    [InlineData("us-gov-west-1", "https://batch.us-gov-west-1.amazonaws.com/")]
    [InlineData("us-iso-east-1", "https://batch.us-iso-east-1.c2s.ic.gov/")]
    [InlineData("us-isob-east-1", "https://batch.us-isob-east-1.sc2s.sgov.gov/")]
    public void Find_OtherPartition_HasItsDomain(string region, string url) =>
        Assert.Equal(url, Find($"AWS_REGION={region}").Value.Endpoint.ToString());

    [Fact]
    public void Find_NothingSet_NamesTheWaysToGiveARegion()
    {
        Problem problem =
            Assert.Single(AwsEndpoint.Find(new AwsClientOptions { Environment = Clients.NoEnvironment }, AwsService.Batch).Problems);
        Assert.Equal("RF3008", problem.Code);
        Assert.Contains("env.region", problem.Cure, StringComparison.Ordinal);
        Assert.Contains("AWS_REGION", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_SeveralMistakes_AreAllReported()
    {
        var found = Find("AWS_PROFILE=reserch AWS_REGION=us-east-1 AWS_ENDPOINT_URL=localhost:8000");
        Assert.Equal(["RF3010", "RF3009"], found.Problems.Select(p => p.Code));
        Assert.Contains("Did you mean research?", found.Problems[0].Cure, StringComparison.Ordinal);
    }

    private static Result<AwsEndpoint> Find(
        string variables, Func<AwsClientOptions, AwsClientOptions>? change = null, AwsService? service = null)
    {
        var options = new AwsClientOptions { Environment = TestEnvironment.Make(variables, Config, credentials: null) };
        return AwsEndpoint.Find(change is null ? options : change(options), service ?? AwsService.Batch);
    }
}
