using OpenAIProxy.Gateway.Tests.Forwarding;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>The same with metering and the chat log on.</summary>
public sealed class LoggedStreamBytesTests() : StreamBytesTests(isMetered: true, ChatLogRig.InTheJournalsFolder());
