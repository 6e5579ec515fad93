using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Refrag.Aws;
using Refrag.Aws.Ec2;
using Refrag.Server.Access;
using Refrag.Server.Failures;
using Refrag.Server.Reading;

namespace Refrag.Server.Endpoints;

/// <summary>The part of EC2 that says on which instances jobs run, and at which Spot price: forms as requests, XML as answers.</summary>
internal sealed class Ec2Endpoint(Func<string, ValueTask<IAwsTransport>> regions, RequestGuard guard)
{
    /// <summary>Whether a request is one of EC2's.</summary>
    public static bool Owns(HttpRequest request, RequestTarget target) =>
        request.Method == HttpMethods.Post && target.Path == "/" && !request.Headers.ContainsKey("X-Amz-Target") && IsForm(request);

    /// <summary>Whether a request is a form, as no other service's is.</summary>
    public static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    public async Task AnswerAsync(HttpContext context, RequestTarget target)
    {
        RequestAdmission admission = guard.Check(context.Request, target, AwsService.Ec2);
        byte[] body = await BodyReader.ReadAsync(context.Request, context.RequestAborted);
        guard.Verify(admission, context.Request, target, body);
        XElement answer = await AnswerAsync(await regions(admission.Region), new FormReader(body), context.RequestAborted);
        await Ec2Answers.WriteAsync(context.Response, answer);
    }

    private static async Task<XElement> AnswerAsync(IAwsTransport transport, FormReader form, CancellationToken cancellationToken)
    {
        _ = form.Find("Version");
        switch (form.Find("Action"))
        {
            case "DescribeInstances":
                DescribeInstancesRequest instances = new() { Instances = [.. form.List("InstanceId"), .. form.Filter("instance-id")] };
                form.RefuseOthers();
                return Ec2Answers.Of(await transport.SendAsync(Ec2Operations.DescribeInstances, instances, cancellationToken));
            case "DescribeSpotPriceHistory":
                DescribeSpotPriceHistoryRequest prices = Prices(form);
                return Ec2Answers.Of(
                    await transport.SendAsync(Ec2Operations.DescribeSpotPriceHistory, prices, cancellationToken), prices.At);
            case var other:
                throw FormReader.Invalid("InvalidAction", $"The action {other} is not valid for this web service.");
        }
    }

    private static DescribeSpotPriceHistoryRequest Prices(FormReader form)
    {
        _ = form.List("ProductDescription");
        _ = form.Find("EndTime");
        DescribeSpotPriceHistoryRequest request = new()
        {
            At = Time(form.Find("StartTime")),
            Types = form.List("InstanceType"),
            Zone = form.Find("AvailabilityZone"),
        };
        form.RefuseOthers();
        return request;
    }

    private static DateTimeOffset Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? at
            : throw FormReader.Invalid("InvalidParameterValue", $"StartTime must be a time such as 2026-01-02T03:04:05Z; got '{text}'.");
}
