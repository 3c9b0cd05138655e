namespace OpenAIProxy.Simulator.Configuration;

/// <summary>A <c>Simulator:*</c> setting that can't be used. The message names it and what is allowed there.</summary>
public sealed class SimulatorSettingException(string message) : Exception(message);
