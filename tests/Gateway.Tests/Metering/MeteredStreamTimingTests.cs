using OpenAIProxy.Gateway.Tests.Forwarding;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>The same with metering on. What waits where usage was asked for is <see cref="AskForUsageTests"/>' matter.</summary>
public sealed class MeteredStreamTimingTests() : StreamTimingTests(isMetered: true, ("Metering:AskForUsage", "false"));
