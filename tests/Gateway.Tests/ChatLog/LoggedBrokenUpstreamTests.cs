using OpenAIProxy.Gateway.Tests.Forwarding;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>The same with metering and the chat log on.</summary>
public sealed class LoggedBrokenUpstreamTests() : BrokenUpstreamTests(isMetered: true, ChatLogRig.InTheJournalsFolder());
