namespace Laurel.App.Features.SigningIn;

/// <summary>
/// Where this is registered, one click signs in as one of three people, without a password. Only the demo registers it, on a
/// database of its own.
/// </summary>
/// <param name="Agent">Key of the person, as in setup.yaml.</param>
public sealed record DemoMode(string Agent, string Leader, string Admin)
{
    public string? Person(string? role) => role switch
    {
        "agent" => Agent,
        "leader" => Leader,
        "admin" => Admin,
        _ => null,
    };
}
