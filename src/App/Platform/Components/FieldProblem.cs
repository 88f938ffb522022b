namespace Laurel.App.Platform.Components;

/// <summary>One field that cannot be taken, and why, as an English text that pages translate.</summary>
public sealed record FieldProblem(string Field, string Text);
