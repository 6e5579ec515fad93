using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Refrag.Aws.Ec2;

namespace Refrag.Server.Failures;

/// <summary>EC2's answers as XML. (EC2 API DescribeInstances and DescribeSpotPriceHistory; smithy.io ec2Query protocol)</summary>
internal static class Ec2Answers
{
    private static readonly XNamespace s_ec2 = "http://ec2.amazonaws.com/doc/2016-11-15/";

    /// <summary>DescribeInstances, each instance in a reservation of its own.</summary>
    public static XElement Of(DescribeInstancesResponse answer) => Root("DescribeInstancesResponse",
        new XElement(s_ec2 + "reservationSet", answer.Instances.Select(one => Item(
            Text("reservationId", "r" + one.Id[1..]), new XElement(s_ec2 + "instancesSet", Item(
                Text("instanceId", one.Id),
                new XElement(s_ec2 + "instanceState", Text("code", "16"), Text("name", one.State)),
                Text("privateDnsName", one.PrivateName),
                Text("privateIpAddress", one.PrivateAddress),
                Text("instanceType", one.Type),
                new XElement(s_ec2 + "placement", Text("availabilityZone", one.Zone), Text("tenancy", "default")),
                one.Lifecycle.Length > 0 ? Text("instanceLifecycle", one.Lifecycle) : null))))));

    /// <summary>DescribeSpotPriceHistory.</summary>
    /// <param name="answer">The prices.</param>
    /// <param name="at">The time that was asked about.</param>
    public static XElement Of(DescribeSpotPriceHistoryResponse answer, DateTimeOffset at) => Root("DescribeSpotPriceHistoryResponse",
        new XElement(s_ec2 + "spotPriceHistorySet", answer.Prices.Select(one => Item(
            Text("instanceType", one.Type),
            Text("productDescription", "Linux/UNIX"),
            Text("spotPrice", one.Usd.ToString(CultureInfo.InvariantCulture)),
            Text("timestamp", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
            Text("availabilityZone", one.Zone)))),
        Text("nextToken", ""));

    /// <summary>An error.</summary>
    public static XElement Fault(ServiceFault fault) => new("Response",
        new XElement("Errors", new XElement("Error", new XElement("Code", fault.Code), new XElement("Message", Allowed(fault.Message)))),
        new XElement("RequestID", Guid.NewGuid().ToString()));

    /// <summary>Writes an answer.</summary>
    public static async Task WriteAsync(HttpResponse response, XElement answer)
    {
        byte[] body = Encoding.UTF8.GetBytes(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + answer.ToString(SaveOptions.DisableFormatting));
        response.ContentType = "text/xml;charset=UTF-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }

    // A message may repeat what a client sent, and XML cannot carry every character.
    private static string Allowed(string text) =>
        text.All(XmlConvert.IsXmlChar) ? text : string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '?'));

    private static XElement Root(string name, params object?[] content) =>
        new(s_ec2 + name, [Text("requestId", Guid.NewGuid().ToString()), .. content]);

    private static XElement Item(params object?[] content) => new(s_ec2 + "item", content);

    private static XElement Text(string name, string text) => new(s_ec2 + name, text);
}
