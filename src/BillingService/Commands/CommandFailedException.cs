namespace OpenAIProxy.BillingService.Commands;

/// <summary>What a command was asked for could not be done. The message is for people, and holds no secret.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
