namespace Refrag.Aws;

/// <summary>Chooses the endpoint, in AWS's documented order. (AWS SDKs and Tools Reference Guide, service-specific endpoints)</summary>
internal static class EndpointChoice
{
    /// <summary>The source of an endpoint that the user did not name.</summary>
    public const string Aws = "AWS";

    public static (Uri? Url, string Source, Problem? Problem) Make(
        AwsClientOptions options, AwsProfileChoice profile, AwsService service, string? region)
    {
        // Without a region there is no host of AWS's; that the region is missing is reported already.
        if ((Text(options, profile, service) ?? Default(service, region)) is not (var url, var source)) return (null, "", null);
        bool isUrl = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
        return isUrl ? (uri, source, null) : (null, source, SettingProblems.BadEndpoint(url, source));
    }

    private static (string Url, string Source)? Default(AwsService service, string? region) =>
        region is null ? null : (AwsPartition.Host(service, region), Aws);

    private static (string Url, string Source)? Text(AwsClientOptions options, AwsProfileChoice profile, AwsService service)
    {
        if (options.EndpointUrl is { Length: > 0 } given) return (given, "env.endpoint_url");
        string? ignored = options.Environment.Variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            ?? profile.Setting("ignore_configured_endpoint_urls");
        if (string.Equals(ignored, "true", StringComparison.OrdinalIgnoreCase)) return null;
        foreach (string name in (string[])[service.EndpointVariable, "AWS_ENDPOINT_URL"])
        {
            if (options.Environment.Variable(name) is { } value) return (value, name);
        }
        if (profile.Setting("services") is { } services
            && options.Environment.Profiles.Services(services)?.GetValueOrDefault($"{service.SectionKey}.endpoint_url") is { } own)
            return (own, $"services {services}");
        return profile.Setting("endpoint_url") is { } all ? (all, $"profile {profile.Name}") : null;
    }
}
