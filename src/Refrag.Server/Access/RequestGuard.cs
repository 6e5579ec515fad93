using System.Globalization;
using Microsoft.AspNetCore.Http;
using Refrag.Aws;
using Refrag.Server.Failures;
using Refrag.Server.Reading;

namespace Refrag.Server.Access;

/// <summary>
/// Decides who may ask: those who sign with a key of the state folder, or, if the server is set up so, all who send any Authorization
/// header. And which region is asked: that of the signature's scope.
/// </summary>
/// <param name="keys">The keys; null if any credentials do.</param>
/// <param name="usualRegion">The region of requests that name none.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestGuard(IReadOnlyList<AccessKey>? keys, string usualRegion, TimeProvider time)
{
    // AWS takes a request for five minutes to either side of its own clock.
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);
    private const string Token = "X-Amz-Security-Token";
    private readonly SignatureCheck _signatures = new();

    /// <summary>Checks what is known before the body is read; <see cref="ServiceFault"/> if the request is refused.</summary>
    public RequestAdmission Check(HttpRequest request, RequestTarget target, AwsService service)
    {
        string? header = request.Headers.Authorization is [{ Length: > 0 } given] ? given : null;
        // Without a check of the signature, a header is what no link of a web page can send.
        if (header is null && (keys is null || !Authorization.IsIn(target))) throw ServiceFault.MissingToken();
        if (keys is null) return new RequestAdmission(CheckRegion(Authorization.RegionIn(header!) ?? usualRegion), null, null, null);
        Authorization authorization = header is null ? Authorization.Read(target) : Authorization.Read(header);
        if (keys.FirstOrDefault(k => k.AccessKeyId == authorization.AccessKeyId) is not { } key || HasToken(request, target))
            throw ServiceFault.UnknownKey();
        if (authorization.Service != service.Name)
            throw ServiceFault.BadSignature($"Credential should be scoped to correct service: '{service.Name}'.");
        return new RequestAdmission(CheckRegion(authorization.Region), authorization, key, CheckTime(request, authorization));
    }

    private static bool HasToken(HttpRequest request, RequestTarget target) => request.Headers.ContainsKey(Token)
        || target.Parameters().Any(one => one.Name.Equals(Token, StringComparison.OrdinalIgnoreCase));

    private static string CheckRegion(string region) => AwsRegions.OfBatch.Contains(region)
        ? region
        // In these words AWS's services say so of a region that is not theirs.
        : throw ServiceFault.BadSignature($"Credential should be scoped to a valid region, not '{region}'.");

    /// <summary>Checks the whole request; <see cref="ServiceFault"/> if the signature is not its own.</summary>
    public void Verify(RequestAdmission admission, HttpRequest request, RequestTarget target, ReadOnlySpan<byte> body)
    {
        if (admission.Authorization is { } authorization)
            _signatures.Verify(request, target, body, authorization, admission.Key!, admission.Time!);
    }

    private string CheckTime(HttpRequest request, Authorization authorization)
    {
        string? text = authorization.Date ?? (request.Headers["X-Amz-Date"] is [{ } sent] ? sent : null);
        if (text is null || SignatureCheck.TimeOf(text) is not { } signed)
            throw ServiceFault.Incomplete(
                "Authorization header requires existence of an 'X-Amz-Date' header of the form 20260102T030405Z.");
        if (authorization.Day != text[..8])
            throw ServiceFault.BadSignature(
                $"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{authorization.Day}' != "
                    + $"'{text[..8]}'.");
        DateTimeOffset now = time.GetUtcNow();
        // First, because nothing can be added to a time at the end of the year 9999.
        if (signed > now + s_window)
            throw ServiceFault.BadSignature(
                $"Signature not yet current: {text} is still later than {Text(now + s_window)} ({Text(now)} + 5 min.)");
        if (authorization.GoodFor is { } goodFor)
        {
            if (now > signed + goodFor)
                throw ServiceFault.BadSignature($"Signature expired: {Text(signed + goodFor)} is before {Text(now)}.");
        }
        else if (signed < now - s_window)
            throw ServiceFault.BadSignature($"Signature expired: {text} is now earlier than {Text(now - s_window)} ({Text(now)} - 5 min.)");
        return text;
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The admission of a request: with what its signature says, or without any check.</summary>
/// <param name="Region">The region that is asked.</param>
/// <param name="Authorization">What the signature says; null if nothing is checked.</param>
/// <param name="Key">Whose key it is.</param>
/// <param name="Time">When it was signed, as it says.</param>
internal sealed record RequestAdmission(string Region, Authorization? Authorization, AccessKey? Key, string? Time);
