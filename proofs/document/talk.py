"""What the talk says, in our words, and the false slogans that one may read into it."""

from __future__ import annotations

__all__ = ["TALK"]

TALK: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "With one-hot items E[x x^T] = I.",
        ("descent.averaged.one_hot_slogan",),
    ),
    (
        "From a special class of initial conditions each mode evolves by itself.",
        ("modes.decoupling.balance_slogan", "modes.ode.unbalanced_slogan"),
    ),
    (
        "The strength of a mode is the logistic curve, the loss written without its factor 1/2.",
        (
            "modes.trajectory.doubled",
            "modes.negative_start.slogan",
            "modes.unbalanced.balanced_slogan",
        ),
    ),
    (
        "A mode of strength s is learned in a time of the order tau/s.",
        ("modes.learning_time.slogan",),
    ),
    (
        "Stronger modes are learned first.",
        ("modes.stronger_first.unequal_slogan", "modes.fraction_criterion.slogan"),
    ),
    (
        "Deep networks, unlike shallow ones, show stage-like transitions.",
        ("modes.inflection.slogan", "modes.stage_ratio.slogan"),
    ),
    (
        "Singular values are a decreasing function of the level of the hierarchy.",
        (
            "hierarchy.decreasing.always_slogan",
            "hierarchy.decreasing.irregular_slogan",
            "hierarchy.finite_features.order_slogan",
        ),
    ),
    (
        "Object analyzers mirror the tree, and the network differentiates progressively, the "
        "broadest distinction first.",
        ("hierarchy.analyzers.irregular_slogan", "hierarchy.differentiation.first_slogan"),
    ),
    (
        "A singular value is the coherence of its categories times exp(-level).",
        ("coherence.identity.slide_slogan", "coherence.identity.root_slogan"),
    ),
    (
        "Coherent categories are learned faster.",
        ("coherence.speed.levels_slogan", "coherence.speed.sizes_slogan"),
    ),
    (
        "A property is learned quickly if and only if it is similar to an object analyzer with a "
        "large singular value.",
        ("cognition.distinctive.one_mode_slogan", "cognition.distinctive.cosine_slogan"),
    ),
    (
        "Items similar to the prototype are typical, and verified more easily.",
        ("cognition.typicality.cosine_slogan", "cognition.typicality.label_slogan"),
    ),
    (
        "Illusory correlations occur early in learning.",
        ("cognition.illusory.early_slogan", "cognition.illusory.opposite_slogan"),
    ),
    (
        "Generalisation becomes more specific with age.",
        ("cognition.induction_property.narrowing_slogan",),
    ),
    (
        "Deep networks obey the equation of motion with N_l layers, and learn like shallow ones up "
        "to a finite delay of order 1.",
        (
            "depth.iterations.slogan",
            "depth.infinite_trajectory.logistic_slogan",
            "depth.learning_time.slogan",
        ),
    ),
    (
        "The norm of the gradient is of order N_l, the learning rate of order 1/N_l.",
        ("depth.gradient_norm.slogan", "depth.learning_rate.above_slogan"),
    ),
    (
        "Pretraining and orthogonal initializations can find the decoupled initial conditions.",
        (
            "depth.end_to_end.pretraining_slogan",
            "depth.end_to_end.pretraining_shared_slogan",
            "depth.end_to_end.alignment_slogan",
        ),
    ),
    (
        "Glorot's initial weights preserve the norm on average.",
        ("products.gaussian_norm.glorot_slogan", "products.gaussian_norm.typical_slogan"),
    ),
    (
        "A product of Gaussian layers attenuates most directions and amplifies few.",
        ("products.amplified_fraction.half_slogan", "products.amplified_fraction.width_slogan"),
    ),
    (
        "All singular values of a product of orthogonal layers are 1.",
        ("products.orthogonal.contracting_slogan",),
    ),
    (
        "Just beyond the critical gain the singular values of the Jacobian concentrate around 1.",
        (
            "isometry.edge_of_chaos.just_beyond_slogan",
            "isometry.edge_of_chaos.symmetric_slogan",
            "isometry.edge_of_chaos.window_slogan",
        ),
    ),
    (
        "Dynamical isometry lowers the test error by 1.4 points.",
        ("isometry.table.baseline_slogan", "isometry.table.gain_one_slogan"),
    ),
    (
        "Large initial weights cost generalization.",
        ("generalization.large_gain.seen_slogan", "generalization.large_gain.heals_slogan"),
    ),
)
"""Statements in the order of the talk, each with the ids of slogans that fail."""
